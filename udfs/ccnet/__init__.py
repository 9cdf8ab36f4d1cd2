"""CCNet's rules: text normalisation, paragraph dedup, language, perplexity and quality buckets.

CCNet (Wenzek et al. 2019, https://github.com/facebookresearch/cc_net) made the web slice of RedPajama.
Published models, cut-offs and paragraph hashes depend on its results, so these modules return the same,
to the last character and digit; the tests compare them with pairs that CCNet itself produced.
"""
