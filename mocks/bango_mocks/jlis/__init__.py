"""J-LIS (地方公共団体情報システム機構): the linkage path, which alone knows individual numbers."""
