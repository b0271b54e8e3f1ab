// SHA-256 from Debian's libcrypto: a hundredth of swift-crypto's build time at the same speed.
#ifndef CCRYPTO_SHIM_H
#define CCRYPTO_SHIM_H
// Its functions of one sum are deprecated since 3.0 in favour of ones that load providers.
#define OPENSSL_API_COMPAT 10101
#include <openssl/sha.h>
#endif
