// The tests of Executors.
