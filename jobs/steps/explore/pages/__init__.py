"""The pages of `explore`, as HTML; every text of a document in them is escaped."""
