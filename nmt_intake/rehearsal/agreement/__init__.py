"""How well raters agree: points of the scale first, each coefficient beside its chance line."""
