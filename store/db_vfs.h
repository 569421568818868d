/* SPDX-License-Identifier: MIT */
/* db_vfs.h - how SQLite writes what it saved in memory, for db_sqlite.c. */
#ifndef DB_VFS_H
#define DB_VFS_H

/* From now on what databases save takes any size at once; see db_vfs.c. Once a program. */
void db_add_vfs(void);

#endif
