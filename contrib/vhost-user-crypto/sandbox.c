/*
 * vhost-user-crypto: the sandbox
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include "qapi/error.h"
#include "vhost-user-crypto.h"

#ifdef CONFIG_SECCOMP
#include <seccomp.h>

/*
 * All that is used once the threads run and the socket is there.  What is not
 * here fails with EPERM: no file is opened, no program started, no connection
 * made.
 */
static const int allowed[] = {
    /* messages, kicks and calls */
    SCMP_SYS(accept4), SCMP_SYS(close), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(read), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
    SCMP_SYS(write), SCMP_SYS(writev),
    /* memory of guests, and our own */
    SCMP_SYS(brk), SCMP_SYS(fstat), SCMP_SYS(fstatfs), SCMP_SYS(madvise),
    SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(newfstatat),
    /* threads and time */
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(exit),
    SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(getpid), SCMP_SYS(gettid),
    SCMP_SYS(membarrier), SCMP_SYS(nanosleep), SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list), SCMP_SYS(setitimer),
    /* keys and nonces */
    SCMP_SYS(getrandom),
};

/* An int: what stands above it in the register does not count. */
#define INT_IS(_n, _value) \
    SCMP_CMP((_n), SCMP_CMP_MASKED_EQ, UINT32_MAX, (_value))

static int allow(scmp_filter_ctx ctx)
{
    const struct {
        int call;
        struct scmp_arg_cmp when;
    } allowed_when[] = {
        /* memory that is not code */
        { SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
        { SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
        /* notifiers that do not wait */
        { SCMP_SYS(fcntl), INT_IS(1, F_GETFL) },
        { SCMP_SYS(fcntl), INT_IS(1, F_SETFL) },
        /* abort() */
        { SCMP_SYS(tgkill), INT_IS(0, getpid()) },
    };
    int ret = 0;

    for (int i = 0; !ret && i < ARRAY_SIZE(allowed); i++) {
        ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
    }
    for (int i = 0; !ret && i < ARRAY_SIZE(allowed_when); i++) {
        ret = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed_when[i].call, 1,
                               allowed_when[i].when);
    }
    return ret;
}

bool vu_crypto_enter_sandbox(Error **errp)
{
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int ret = ctx ? seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;

    ret = ret ?: allow(ctx) ?: seccomp_load(ctx);
    if (ctx) {
        seccomp_release(ctx);
    }
    if (ret) {
        error_setg_errno(errp, -ret, "the seccomp filter is not accepted by "
                         "this host, try --no-sandbox");
    }
    return !ret;
}
#else
bool vu_crypto_enter_sandbox(Error **errp)
{
    error_setg(errp, "this program was built without libseccomp, "
               "try --no-sandbox");
    return false;
}
#endif

void vu_crypto_keep_secrets(void)
{
    struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}
