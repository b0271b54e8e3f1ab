// Counts calls of malloc in this process: the benchmark's proof that a path allocates nothing.
#pragma once

/// Allocations since the process started; negative where they cannot be counted.
long allocations_so_far(void);
