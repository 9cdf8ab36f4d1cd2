"""Export formats: modules that implement `jobs.steps.export.export_format.ExportFormat`."""
