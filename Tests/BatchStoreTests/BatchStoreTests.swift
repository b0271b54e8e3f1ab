// The tests of BatchStore.
