// The tests of BatchModel.
