"""Conversations: messages, the record formats of published sets, threads of trees, and chat templates."""
