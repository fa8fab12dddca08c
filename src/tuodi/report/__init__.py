"""Results -> documents people keep: tables, receipts, evaluation reports in Word and Excel."""
