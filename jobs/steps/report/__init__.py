"""The sections of the report, and the HTML, charts and style of its page."""
