"""Language models for perplexity: Kneser-Ney n-gram models over SentencePiece pieces."""
