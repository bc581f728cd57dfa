// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/fakes/fake_port.hpp"

#include "host/random.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <termios.h>
#include <unistd.h>

namespace nearfab::agent::fakes {

FakePort::FakePort()
    : folder_{std::filesystem::temp_directory_path() / ("nearfab-port-" + random_hex(8))} {
    std::filesystem::create_directory(folder_);
    plug_in();
}

FakePort::~FakePort() {
    unplug();
    std::error_code not_worth_a_failure;
    std::filesystem::remove_all(folder_, not_worth_a_failure);
}

void FakePort::plug_in() {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    std::array<char, 128> device{};
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
        ::ptsname_r(master_, device.data(), device.size()) != 0) {
        throw std::runtime_error("the fake machine cannot have a pseudo-terminal");
    }
    slave_ = ::open(device.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios raw{};
    ::tcgetattr(slave_, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(slave_, TCSANOW, &raw);
    std::filesystem::create_symlink(device.data(), folder_ / "port");
}

void FakePort::unplug() {
    if (master_ < 0) return;
    ::close(master_);
    ::close(slave_);
    master_ = slave_ = -1;
    std::error_code gone_already;
    std::filesystem::remove(folder_ / "port", gone_already);
}

std::string FakePort::received() const {
    std::array<char, 4096> bytes{};
    const auto n = master_ < 0 ? -1 : ::read(master_, bytes.data(), bytes.size());
    return n > 0 ? std::string{bytes.data(), static_cast<std::size_t>(n)} : std::string{};
}

void FakePort::send(const std::string& bytes) const {
    if (!bytes.empty() && master_ >= 0) (void)!::write(master_, bytes.data(), bytes.size());
}

}  // namespace nearfab::agent::fakes
