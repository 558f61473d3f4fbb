"""An edition as leaflets, posters, HWPX, vCard and CSV."""
