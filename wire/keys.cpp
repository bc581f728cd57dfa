// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/keys.hpp"

#include "base/check.hpp"
#include "host/durable_file.hpp"
#include "host/random.hpp"
#include "host/system_failure.hpp"

#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace nearfab::wire {
namespace {

constexpr std::size_t key_characters = 40;
constexpr std::size_t key_file_bytes_max = 4096;
constexpr std::string_view z85_alphabet =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

using KeyText = std::array<char, key_characters + 1>;  // libzmq ends it with a NUL.

std::string public_key_of(const std::string& secret_key) {
    KeyText derived{};
    const int outcome = zmq_curve_public(derived.data(), secret_key.c_str());
    NEARFAB_CHECK(outcome == 0, "libzmq is built with CURVE");
    return {derived.data(), key_characters};
}

tl::unexpected<Error> fail_content(const std::filesystem::path& file, const std::string& what) {
    return fail(ErrorCode::unauthorised,
                file.string() + " is no key file: " + what,
                "make a new one with `nearfab keygen --out FILE`, or restore this one from its "
                "backup");
}

// A key that cannot be read is no key, whatever the cause.
tl::unexpected<Error> fail_as_key(Error error) {
    error.code = ErrorCode::unauthorised;
    return fail(std::move(error));
}

// "public <key>\nsecret <key>\n", in this order, and nothing else.
Result<KeyPair> parse_key_pair(const std::filesystem::path& file, const std::string& text) {
    std::istringstream lines{text};
    std::string public_word;
    std::string secret_word;
    std::string rest;
    KeyPair keys;
    lines >> public_word >> keys.public_key >> secret_word >> keys.secret_key;
    if (public_word != "public" || secret_word != "secret" || (lines >> rest)) {
        return fail_content(file, "expected one line \"public KEY\" and one line \"secret KEY\"");
    }
    if (!is_well_formed_key(keys.public_key)) {
        return fail_content(file, "the public key is not 40 characters of Z85");
    }
    if (!is_well_formed_key(keys.secret_key)) {
        return fail_content(file, "the secret key is not 40 characters of Z85");
    }
    if (public_key_of(keys.secret_key) != keys.public_key) {
        return fail_content(file, "the public key does not belong to the secret key");
    }
    return keys;
}

}  // namespace

KeyPair generate_key_pair() {
    KeyText public_key{};
    KeyText secret_key{};
    const int outcome = zmq_curve_keypair(public_key.data(), secret_key.data());
    NEARFAB_CHECK(outcome == 0, "libzmq is built with CURVE");
    return {std::string{public_key.data(), key_characters},
            std::string{secret_key.data(), key_characters}};
}

bool is_well_formed_key(std::string_view text) {
    if (text.size() != key_characters) return false;
    constexpr std::size_t group_characters = 5;
    constexpr std::uint64_t group_end = 1ULL << 32U;
    for (std::size_t begin = 0; begin < text.size(); begin += group_characters) {
        std::uint64_t value = 0;
        for (const char character : text.substr(begin, group_characters)) {
            const std::size_t digit = z85_alphabet.find(character);
            if (digit == std::string_view::npos) return false;
            value = value * z85_alphabet.size() + digit;
        }
        // Five digits to the base of 85 reach a little further than four bytes.
        if (value >= group_end) return false;
    }
    return true;
}

Result<KeyPair> load_key_pair(const std::filesystem::path& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
        if (errno == ENOENT) {
            return fail(
                ErrorCode::unauthorised,
                "there is no key file " + file.string(),
                "make it with `nearfab keygen --out " + file.string() + "`, or correct the path");
        }
        return fail_as_key(fail_system("cannot open key file " + file.string(), errno).value());
    }
    constexpr mode_t others = S_IRWXG | S_IRWXO;
    if ((about.st_mode & others) != 0) {
        return fail(ErrorCode::unauthorised,
                    "key file " + file.string() + " can be used by other people of this machine",
                    "run: chmod 600 " + file.string() +
                        " (or make a new key, if somebody may have copied it)");
    }
    Result<std::vector<std::uint8_t>> bytes = read_file(file, key_file_bytes_max);
    if (!bytes) return fail_as_key(std::move(bytes.error()));
    return parse_key_pair(file, std::string{bytes->begin(), bytes->end()});
}

Status save_key_pair(const std::filesystem::path& file, const KeyPair& keys) {
    NEARFAB_CHECK(is_well_formed_key(keys.public_key) && is_well_formed_key(keys.secret_key),
                  "only whole key pairs are kept");
    const std::string text = "public " + keys.public_key + "\nsecret " + keys.secret_key + "\n";
    const std::vector<std::uint8_t> bytes{text.begin(), text.end()};
    // A rename would replace an older key without a word; a link refuses to.
    std::filesystem::path beside = file;
    constexpr std::size_t name_random_bytes = 8;
    beside += "." + random_hex(name_random_bytes);
    if (Status written = write_durably(beside, bytes, S_IRUSR | S_IWUSR); !written) return written;
    const int refusal = ::link(beside.c_str(), file.c_str()) == 0 ? 0 : errno;
    const int left_over = ::unlink(beside.c_str()) == 0 ? 0 : errno;
    if (refusal == EEXIST) {
        return fail(ErrorCode::conflict,
                    "key file " + file.string() + " exists already; a key is never overwritten",
                    "choose another file, or move the old one away if it is no longer in use");
    }
    if (refusal != 0) return fail_system("cannot create key file " + file.string(), refusal);
    if (left_over != 0) {
        return fail_system("cannot remove the copy of the key in " + beside.string(), left_over);
    }
    return sync_directory(file.parent_path());
}

}  // namespace nearfab::wire
