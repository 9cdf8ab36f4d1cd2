"""Rules about text: pure functions, and a thin Arrow UDF over each."""
