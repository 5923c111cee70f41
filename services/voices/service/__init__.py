"""What can be done with mandates, activities and voices; each method is one use case and one transaction."""
