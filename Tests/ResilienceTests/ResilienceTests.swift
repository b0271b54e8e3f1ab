// The tests of Resilience.
