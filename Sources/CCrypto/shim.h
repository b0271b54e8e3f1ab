// SHA-256 from Debian's libcrypto: a hundredth of swift-crypto's build time at the same speed.
#ifndef CCRYPTO_SHIM_H
#define CCRYPTO_SHIM_H
#include <openssl/evp.h>
#endif
