"""OpenAssistant Conversations (OASST): its records, its trees, and the threads that are taken from them."""
