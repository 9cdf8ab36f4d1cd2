"""Extractors of web pages, run beside one another and measured."""
