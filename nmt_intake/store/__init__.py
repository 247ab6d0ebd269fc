"""Where cases are kept: two protocols, and the stores behind them."""
