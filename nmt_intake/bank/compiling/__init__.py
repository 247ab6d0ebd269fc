"""From checked sources to the compiled bank: ids, conditions, order, with every problem found."""
