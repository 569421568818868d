/* SPDX-License-Identifier: MIT */
/* nowhere.h - a sink that looks at each record and keeps none. */
#ifndef NOWHERE_H
#define NOWHERE_H

#include "store/record.h"

/* Aborts on a record of a kind that does not exist. */
struct sink nowhere(void);

#endif
