"""Formulas of web pages in TeX: from MathML, AsciiMath, images and what MathJax and LaTeXML write."""
