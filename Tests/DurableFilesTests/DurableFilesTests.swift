// The tests of DurableFiles.
