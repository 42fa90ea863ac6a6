"""The reference intermediate server (中間サーバー): parts with one topic each, so that a mutant can replace exactly one."""
