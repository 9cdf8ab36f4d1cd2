"""Export formats, a module each; each follows `jobs.steps.export.export_format.ExportFormat`."""
