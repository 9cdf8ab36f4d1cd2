"""One file a slice: how its dump becomes documents."""

# slices of web pages, which CCNet's rules are for: paragraph dedup, language score, buckets
WEB = ("common_crawl",)
# slices whose near duplicates are found by SimHash as well, as RedPajama-V1 did with its books
SIMHASHED = ("books",)
