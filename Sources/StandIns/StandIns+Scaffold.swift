// The StandIns target.
