/*
 * Crypto provider libipsec-mb: what its files share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef BACKENDS_CRYPTODEV_IPSEC_MB_H
#define BACKENDS_CRYPTODEV_IPSEC_MB_H

/* Do not define the names of old versions, such as CBC and MD5. */
#define NO_COMPAT_IMB_API_053
#include <intel-ipsec-mb.h>
#include "provider.h"

/**
 * IpsecMbThread: state of a thread that runs jobs
 *
 * @mgr: state of the jobs in flight; there are none when a function of the
 *     provider returns
 * @burst: memory for jobs that are submitted together
 */
typedef struct IpsecMbThread {
    IMB_MGR *mgr;
    IMB_JOB burst[CRYPTO_RUN_MAX];
} IpsecMbThread;

/* The state of this thread.  Context: the provider is initialised */
IpsecMbThread *cryptodev_ipsec_mb_thread(void);

/* Run a copy of @template alone.  Returns: whether it succeeded */
bool cryptodev_ipsec_mb_run_job(const IMB_JOB *template);

extern const CryptoRowOps cryptodev_ipsec_mb_gcm_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_gmac_ops;

/* Several messages at a time; the library's functions differ. */
extern const CryptoRowOps cryptodev_ipsec_mb_cipher_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_cipher_burst_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_hash_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_hmac_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_hmac_burst_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_xcbc_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_ccm_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_snow3g_ops;
extern const CryptoRowOps cryptodev_ipsec_mb_zuc_ops;

#endif /* BACKENDS_CRYPTODEV_IPSEC_MB_H */
