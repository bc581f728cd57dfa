// SPDX-License-Identifier: GPL-3.0-or-later
// rigs.hpp - every machine that the contract suite runs on.

#pragma once

#include "tests/node-agent/drivers/fakes/fake_grbl.hpp"
#include "tests/node-agent/drivers/fakes/fake_marlin.hpp"
#include "tests/node-agent/drivers/fakes/fake_moonraker.hpp"
#include "tests/node-agent/drivers/fakes/fake_octoprint.hpp"
#include "tests/node-agent/drivers/fakes/fake_prusalink.hpp"
#include "tests/node-agent/drivers/machine_rig.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace nearfab::agent {

// "nf-<random>-e1-0a0b0c0d.gcode", as the agent calls its files.
[[nodiscard]] std::string fresh_file_name();

class FakeOctoprintRig final : public MachineRig {
public:
    std::unique_ptr<MachineDriver> connect() override;
    std::unique_ptr<MachineDriver> connect_with_wrong_key() override;
    std::string program() const override { return "G28\nG1 X10 F600\n"; }
    std::string fresh_name() override { return fresh_file_name(); }
    void finish() override { fake.finish(); }
    bool start_foreign() override;
    bool break_down() override;
    void repair() override { fake.repair(); }
    bool cut_link() override;
    void mend_link() override { fake.server.plug_in(); }

    fakes::FakeOctoprint fake;
};

class FakeMoonrakerRig final : public MachineRig {
public:
    std::unique_ptr<MachineDriver> connect() override;
    std::unique_ptr<MachineDriver> connect_with_wrong_key() override;
    std::string program() const override { return "G28\nG1 X10 F600\n"; }
    std::string fresh_name() override { return fresh_file_name(); }
    void finish() override { fake.finish(); }
    bool start_foreign() override;
    bool break_down() override;
    void repair() override { fake.repair(); }
    bool cut_link() override;
    void mend_link() override { fake.server.plug_in(); }

    fakes::FakeMoonraker fake;
};

class FakePrusalinkRig : public MachineRig {
public:
    explicit FakePrusalinkRig(fakes::FakePrusalink::Kind kind = fakes::FakePrusalink::Kind::pi)
        : fake{kind} {}
    std::unique_ptr<MachineDriver> connect() override;
    std::unique_ptr<MachineDriver> connect_with_wrong_key() override;
    std::string program() const override { return "G28\nG1 X10 F600\n"; }
    std::string fresh_name() override { return fresh_file_name(); }
    void finish() override { fake.finish(); }
    void forget() override { fake.forget_end(); }
    bool start_foreign() override;
    bool break_down() override;
    void repair() override { fake.repair(); }
    bool cut_link() override;
    void mend_link() override { fake.server.plug_in(); }

    fakes::FakePrusalink fake;
};

class FakePrusaFirmwareRig final : public FakePrusalinkRig {
public:
    FakePrusaFirmwareRig() : FakePrusalinkRig{fakes::FakePrusalink::Kind::firmware} {}
};

class FakePrusaResinRig final : public FakePrusalinkRig {
public:
    FakePrusaResinRig() : FakePrusalinkRig{fakes::FakePrusalink::Kind::resin} {}
    std::string fresh_name() override;
};

class FakeGrblRig : public MachineRig {
public:
    explicit FakeGrblRig(fakes::FakeGrblOptions options = as_laser()) : fake{options} {}
    std::unique_ptr<MachineDriver> connect() override;
    std::string program() const override;
    std::string fresh_name() override { return fresh_file_name(); }
    void finish() override { fake.finish(); }
    bool start_foreign() override;
    bool break_down() override;
    void repair() override { fake.unlock(); }
    bool cut_link() override;
    void mend_link() override { fake.plug_in(); }

    static fakes::FakeGrblOptions as_laser();
    static fakes::FakeGrblOptions as_hal_mill();
    fakes::FakeGrbl fake;

protected:
    bool mill = false;
};

class FakeGrblHalMillRig final : public FakeGrblRig {
public:
    FakeGrblHalMillRig() : FakeGrblRig{as_hal_mill()} { mill = true; }
};

class FakeMarlinRig : public MachineRig {
public:
    explicit FakeMarlinRig(fakes::FakeMarlinOptions options = {}) : fake{options} {}
    std::unique_ptr<MachineDriver> connect() override;
    std::string program() const override;
    std::string fresh_name() override { return fresh_file_name(); }
    void finish() override { fake.finish(); }
    bool start_foreign() override;
    bool break_down() override;
    void repair() override { fake.switch_off_and_on(); }
    bool cut_link() override;
    void mend_link() override { fake.plug_in(); }

    fakes::FakeMarlin fake;
};

class HandOffRig final : public MachineRig {
public:
    HandOffRig();
    ~HandOffRig() override;
    std::unique_ptr<MachineDriver> connect() override;
    std::string program() const override { return "<svg/>\n"; }
    std::string fresh_name() override { return fresh_file_name(); }
    void finish() override { order("done"); }
    bool break_down() override;
    void repair() override { order("clear-fault"); }
    bool cut_link() override;
    void mend_link() override;

    void order(const std::string& line) const;
    std::filesystem::path folder;
};

// A real controller at NEARFAB_TEST_GRBL_PORT, a device or tcp://HOST:PORT. It moves 20 mm in X and
// Y from where it stands, without spindle or beam; $32 must be 0.
class RealGrblRig final : public MachineRig {
public:
    RealGrblRig();
    bool is_there() const override { return !port.empty(); }
    std::unique_ptr<MachineDriver> connect() override;
    std::string program() const override;
    std::string fresh_name() override { return fresh_file_name(); }
    std::chrono::seconds patience() const override { return std::chrono::seconds{120}; }

private:
    std::string port;
};

// A real server, by NEARFAB_TEST_<NAME>_URL and _KEY. Its printer must be free, its bed clear, and
// it must accept the short program of program().
class RealServerRig : public MachineRig {
public:
    explicit RealServerRig(const std::string& name);
    bool is_there() const override { return !url.empty(); }
    std::string program() const override;
    std::string fresh_name() override { return fresh_file_name(); }
    std::chrono::seconds patience() const override { return std::chrono::seconds{300}; }

protected:
    std::string url;
    std::string key;
};

class RealOctoprintRig final : public RealServerRig {
public:
    RealOctoprintRig() : RealServerRig{"OCTOPRINT"} {}
    std::unique_ptr<MachineDriver> connect() override;
    std::unique_ptr<MachineDriver> connect_with_wrong_key() override;
};

class RealMoonrakerRig final : public RealServerRig {
public:
    RealMoonrakerRig() : RealServerRig{"MOONRAKER"} {}
    std::unique_ptr<MachineDriver> connect() override;
};

class RealPrusalinkRig final : public RealServerRig {
public:
    RealPrusalinkRig() : RealServerRig{"PRUSALINK"} {}
    std::unique_ptr<MachineDriver> connect() override;
    std::unique_ptr<MachineDriver> connect_with_wrong_key() override;
};

#define NEARFAB_ALL_RIGS                                                                           \
    FakeOctoprintRig, FakeMoonrakerRig, FakePrusalinkRig, FakePrusaFirmwareRig, FakePrusaResinRig, \
        FakeGrblRig, FakeGrblHalMillRig, FakeMarlinRig, HandOffRig, RealOctoprintRig,              \
        RealMoonrakerRig, RealPrusalinkRig, RealGrblRig

}  // namespace nearfab::agent
