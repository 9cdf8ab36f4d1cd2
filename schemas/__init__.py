"""Schemas of tables and sources, and the settings of jobs; nothing here imports a session."""
