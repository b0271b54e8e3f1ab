// The tests of Dashboard.
