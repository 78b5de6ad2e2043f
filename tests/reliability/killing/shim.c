/* Loaded before libc (LD_PRELOAD): counts the calls of this process that change files, SQLite's
 * among them, and ends it with SIGKILL at the one it is armed with: before the call, or, where it
 * writes bytes, when half of them are written, or behind it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { BEFORE, HALF, BEHIND };
static long armed_at, counted;
static int armed_how, armed_group, on;

void kills_arm(long at, int how, int group) {
    armed_at = at, armed_how = how, armed_group = group, counted = 0, on = 1;
}

long kills_counted(void) { return counted; }

static void die(void) {
    kill(armed_group ? 0 : getpid(), SIGKILL);
    for (;;) pause();
}

/* Whether this is the call to die at; those who die before it do not come back. */
static int reached(void) {
    if (!on || __atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST) != armed_at) return 0;
    if (armed_how == BEFORE) die();
    return 1;
}

static int is_file(int fd) {
    struct stat told;
    return on && fstat(fd, &told) == 0 && S_ISREG(told.st_mode);
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define PLAIN(result, name, params, args, asks)              \
    result name params {                                     \
        REAL(name);                                          \
        int last = (asks) && reached();                      \
        result done = real args;                             \
        if (last) die();                                     \
        return done;                                         \
    }
#define WRITING(name, params, args)                          \
    ssize_t name params {                                    \
        REAL(name);                                          \
        int last = is_file(fd) && reached();                 \
        if (last && armed_how == HALF) count /= 2;           \
        ssize_t done = real args;                            \
        if (last) die();                                     \
        return done;                                         \
    }

WRITING(write, (int fd, const void *buf, size_t count), (fd, buf, count))
WRITING(pwrite, (int fd, const void *buf, size_t count, off_t at), (fd, buf, count, at))
WRITING(pwrite64, (int fd, const void *buf, size_t count, off64_t at), (fd, buf, count, at))
WRITING(sendfile, (int fd, int in, off_t *at, size_t count), (fd, in, at, count))
WRITING(sendfile64, (int fd, int in, off64_t *at, size_t count), (fd, in, at, count))
PLAIN(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), is_file(fd))
PLAIN(int, fsync, (int fd), (fd), 1)
PLAIN(int, fdatasync, (int fd), (fd), 1)
PLAIN(int, ftruncate, (int fd, off_t size), (fd, size), 1)
PLAIN(int, ftruncate64, (int fd, off64_t size), (fd, size), 1)
PLAIN(int, rename, (const char *from, const char *to), (from, to), 1)
PLAIN(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), 1)
PLAIN(int, unlink, (const char *path), (path), 1)
PLAIN(int, unlinkat, (int at, const char *path, int flags), (at, path, flags), 1)
PLAIN(int, rmdir, (const char *path), (path), 1)
PLAIN(int, mkdir, (const char *path, mode_t mode), (path, mode), 1)
PLAIN(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode), 1)
PLAIN(int, link, (const char *from, const char *to), (from, to), 1)
PLAIN(int, symlink, (const char *from, const char *to), (from, to), 1)
PLAIN(int, chmod, (const char *path, mode_t mode), (path, mode), 1)

#define OPENING(name, first, firsts)                         \
    int name(first, int flags, ...) {                        \
        REAL(name);                                          \
        va_list rest;                                        \
        va_start(rest, flags);                               \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                        \
        int last = flags & (O_CREAT | O_TRUNC) && reached(); \
        int done = real(firsts, flags, mode);                \
        if (last) die();                                     \
        return done;                                         \
    }
#define TWO(a, b) a, b
OPENING(open, const char *path, path)
OPENING(open64, const char *path, path)
OPENING(openat, TWO(int at, const char *path), TWO(at, path))
OPENING(openat64, TWO(int at, const char *path), TWO(at, path))
