/* Loaded before libc (LD_PRELOAD): writes down every call that changes files below POWER_ROOT, with
 * its bytes, and every call that waits for the disk, to the file POWER_LOG.
 *
 * A record: kind (1 byte), 3 of padding, lengths of two paths and of the bytes (3 x 4), number of
 * the file and offset (2 x 8); then the paths and the bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

struct head { char kind, none[3]; uint32_t first, second, bytes; uint64_t file, at; };

static int log_fd(void) {
    static int fd = -1;
    if (fd < 0 && getenv("POWER_LOG"))
        fd = syscall(SYS_openat, AT_FDCWD, getenv("POWER_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return fd;
}

static const char *below(const char *path, char *whole) {
    const char *root = getenv("POWER_ROOT");
    if (!root || !path) return NULL;
    if (path[0] == '/') snprintf(whole, PATH_MAX, "%s", path);
    else {
        char here[PATH_MAX];
        if (!getcwd(here, sizeof here)) return NULL;
        snprintf(whole, PATH_MAX, "%.2000s/%.2000s", here, path);
    }
    size_t length = strlen(root);
    return strncmp(whole, root, length) == 0 && whole[length] == '/' ? whole + length + 1 : NULL;
}

static const char *of_fd(int fd, char *whole) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, whole, PATH_MAX - 1);
    if (length <= 0) return NULL;
    whole[length] = 0;
    const char *root = getenv("POWER_ROOT");
    size_t size = root ? strlen(root) : 0;
    if (!size || strncmp(whole, root, size) != 0) return NULL;
    return whole[size] == '/' ? whole + size + 1 : whole[size] == 0 ? "" : NULL;
}

static void note(char kind, const char *first, const char *second, uint64_t file, uint64_t at,
                 const void *bytes, size_t count) {
    int fd = log_fd();
    if (fd < 0) return;
    struct head head = {kind, {0}, strlen(first), strlen(second), count, file, at};
    struct iovec parts[4] = {{&head, sizeof head}, {(void *)first, head.first},
                             {(void *)second, head.second}, {(void *)bytes, count}};
    syscall(SYS_writev, fd, parts, 4);
}

static uint64_t number_of(int fd) {
    struct stat told;
    return fstat(fd, &told) == 0 ? told.st_ino : 0;
}

static void written(int fd, off_t at, const void *bytes, ssize_t count) {
    char whole[PATH_MAX];
    const char *path = count > 0 ? of_fd(fd, whole) : NULL;
    if (path) note('w', path, "", number_of(fd), at, bytes, count);
}

static void opened(int fd, const char *path, int flags, int was) {
    char whole[PATH_MAX];
    const char *name = fd >= 0 ? of_fd(fd, whole) : NULL;
    if (!name) return;
    if ((flags & O_CREAT) && !was) note('c', name, "", number_of(fd), 0, "", 0);
    else if (flags & O_TRUNC) note('t', name, "", number_of(fd), 0, "", 0);
}

static int is_there(int folder, const char *path) {
    struct stat told;
    return fstatat(folder, path, &told, 0) == 0;
}

#define OPENING(name, params, args, folder)                                   \
    int name params {                                                         \
        REAL(name);                                                           \
        mode_t mode = 0;                                                      \
        if (flags & (O_CREAT | O_TMPFILE)) {                                  \
            va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); \
        }                                                                     \
        int was = (flags & O_CREAT) ? is_there(folder, path) : 1;             \
        int fd = real args;                                                   \
        opened(fd, path, flags, was);                                         \
        return fd;                                                            \
    }
OPENING(open, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENING(open64, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENING(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), folder)
OPENING(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), folder)

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    REAL(pwrite);
    ssize_t done = real(fd, bytes, count, at);
    written(fd, at, bytes, done);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    ssize_t done = real(fd, bytes, count, at);
    written(fd, at, bytes, done);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    REAL(write);
    ssize_t done = real(fd, bytes, count);
    if (done > 0 && fd > 2) written(fd, lseek(fd, 0, SEEK_CUR) - done, bytes, done);
    return done;
}

static void copied(int fd, ssize_t done) {
    if (done <= 0) return;
    off_t at = lseek(fd, 0, SEEK_CUR) - done;
    char link[64], *bytes = malloc(done);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int again = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
    if (again >= 0) {
        if (pread(again, bytes, done, at) == done) written(fd, at, bytes, done);
        close(again);
    }
    free(bytes);
}

ssize_t sendfile(int out, int in, off_t *at, size_t count) {
    REAL(sendfile);
    ssize_t done = real(out, in, at, count);
    copied(out, done);
    return done;
}

ssize_t sendfile64(int out, int in, off64_t *at, size_t count) {
    REAL(sendfile64);
    ssize_t done = real(out, in, at, count);
    copied(out, done);
    return done;
}

static int cut(int fd, off_t size, int done) {
    char whole[PATH_MAX];
    const char *path = done == 0 ? of_fd(fd, whole) : NULL;
    if (path) note('t', path, "", number_of(fd), size, "", 0);
    return done;
}

int ftruncate(int fd, off_t size) { REAL(ftruncate); return cut(fd, size, real(fd, size)); }
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); return cut(fd, size, real(fd, size)); }

static int synced(int fd, int done) {
    char whole[PATH_MAX];
    const char *path = done == 0 ? of_fd(fd, whole) : NULL;
    if (path) note('s', path, "", number_of(fd), 0, "", 0);
    return done;
}

int fsync(int fd) { REAL(fsync); return synced(fd, real(fd)); }
int fdatasync(int fd) { REAL(fdatasync); return synced(fd, real(fd)); }

static int named(char kind, const char *first, const char *second, int done) {
    char one[PATH_MAX], other[PATH_MAX];
    const char *from = done == 0 ? below(first, one) : NULL;
    const char *to = done == 0 && second ? below(second, other) : "";
    if (from && to) note(kind, from, to, 0, 0, "", 0);
    return done;
}

int rename(const char *from, const char *to) { REAL(rename); return named('r', from, to, real(from, to)); }
int unlink(const char *path) { REAL(unlink); return named('u', path, NULL, real(path)); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); return named('d', path, NULL, real(path, mode)); }
int renameat(int a, const char *from, int b, const char *to) {
    REAL(renameat);
    return named('r', from, to, real(a, from, b, to));
}
int unlinkat(int folder, const char *path, int flags) {
    REAL(unlinkat);
    int done = real(folder, path, flags);
    if (folder == AT_FDCWD && !(flags & AT_REMOVEDIR)) named('u', path, NULL, done);
    return done;
}
