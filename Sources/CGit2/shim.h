#ifndef SLIPWAY_CGIT2_H
#define SLIPWAY_CGIT2_H

#include <git2.h>

#endif
