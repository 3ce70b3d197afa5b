//! Expansions, reviewed as code; and what survives.
