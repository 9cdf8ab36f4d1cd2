"""Filter sets, a YAML file each."""
