// The Record target.
