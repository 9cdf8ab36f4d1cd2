"""CCNet's rules: normalisers, paragraph hashes, language, perplexity, buckets, minified records."""
