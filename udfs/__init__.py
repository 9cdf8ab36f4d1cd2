"""Rules about text: pure functions that open no Spark session and no object store.

`extract/`
    Text from HTML, LaTeX, wikitext, posts, books and source code.
`ccnet/`
    CCNet's rules: normalisation, paragraph hashes, language, perplexity, buckets.
`quality_signals/`
    RedPajama-V2's signals, and those of installed packages.
`near_duplicates/`
    MinHash with its LSH bands, SimHash, and the recall of both.
`decontamination/`
    N-grams of evaluation sets in documents.
`addresses/`
    URLs and domains: canonical forms, block lists, takedowns.
`language_models/`
    Kneser-Ney models and SentencePiece models, trained as CCNet's.
`models/`
    Files of models: found, checked, loaded.
`tokens/`
    Token counts and token ids.
`formats/`
    Records and files as RedPajama and trainers read them.
`text_diff/`
    Two texts side by side on a terminal.

`annotate` calls the rules that measure a document in one pass. `pii`, `licenses`, `digest`, `line_feeds`
and `keyed_hash` are one rule each.
"""
