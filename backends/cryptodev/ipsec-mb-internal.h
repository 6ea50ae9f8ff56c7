/*
 * Crypto provider libipsec-mb: what its files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_IPSEC_MB_H
#define BACKENDS_CRYPTODEV_IPSEC_MB_H

/* none of the old names, which are everybody's: CBC, MD5 */
#define NO_COMPAT_IMB_API_053
#include <intel-ipsec-mb.h>
#include "provider.h"

/* Limits of the library: bits of SNOW 3G fit 32 bits; ZUC takes 65504 bits */
#define SNOW3G_MAX_LEN  (UINT32_MAX / 8)
#define ZUC_MAX_LEN     (65504 / 8)

/**
 * ImbThread: what a thread needs to run jobs
 *
 * @mgr: has the state of the jobs in flight, of which there are none between
 *     two calls of a provider's function
 * @burst: scratch for jobs that are handed over together
 */
typedef struct ImbThread {
    IMB_MGR *mgr;
    IMB_JOB burst[CRYPTO_BATCH_MAX];
} ImbThread;

/* That of this thread, made at its first message, or NULL. */
ImbThread *imb_thread(void);

/* Run a copy of @template alone.  Returns: whether it succeeded */
bool imb_run_job(const IMB_JOB *template);

extern const CryptoProviderOps imb_gcm_ops;
extern const CryptoProviderOps imb_gmac_ops;
extern const CryptoProviderBatch imb_batches[];

#endif /* BACKENDS_CRYPTODEV_IPSEC_MB_H */
