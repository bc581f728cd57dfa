// SPDX-License-Identifier: GPL-3.0-or-later
// keys.hpp - CURVE key pairs and the files they live in.
//
// Keys are Curve25519 in ZeroMQ's Z85 text form, 40 characters. A key file is two lines,
//
//     public 7*Xw...
//     secret H{2p...
//
// readable by its owner only: a file that others may read is refused, because a key that may have
// been copied is no identity.

#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace nearfab::wire {

struct KeyPair {
    std::string public_key;  // Z85, 40 characters.
    std::string secret_key;  // Z85, 40 characters. Never logged, never printed.
};

[[nodiscard]] KeyPair generate_key_pair();

// 40 characters out of the Z85 alphabet that decode to 32 bytes.
[[nodiscard]] bool is_well_formed_key(std::string_view text);

// Error: unauthorised, whatever keeps the key from being used: there is no such file, group or
// others may read it (says "chmod 600"), its content is no key pair, the public key does not belong
// to the secret one.
[[nodiscard]] Result<KeyPair> load_key_pair(const std::filesystem::path& file);

// Writes a new file with mode 0600, durably. Error conflict if the file exists: a key is never
// overwritten.
[[nodiscard]] Status save_key_pair(const std::filesystem::path& file, const KeyPair& keys);

}  // namespace nearfab::wire
