// The tests of BatchDefinition.
