"""Programs that run in other projects' environments and print what their work takes."""
