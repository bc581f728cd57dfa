// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/photos.hpp"

#include "router/gateway/admission.hpp"
#include "tests/host/scratch_directory.hpp"
#include "tests/router/gateway/fake_desk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>

namespace nearfab::gateway {
namespace {

const WorkOrderId piece{"3f9c01d2a4b86e57-1"};

std::string segment(unsigned marker, const std::string& content) {
    const std::size_t length = content.size() + 2;
    std::string bytes{'\xFF', static_cast<char>(marker)};
    bytes += static_cast<char>(length >> 8U);
    bytes += static_cast<char>(length & 0xFFU);
    return bytes + content;
}

const std::string begin = "\xFF\xD8";
const std::string end = "\xFF\xD9";
const std::string jfif = segment(0xE0, std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14));
const std::string table = segment(0xDB, std::string(65, '\1'));
// With a stuffed zero, a restart and a fill byte in the coded picture.
const std::string scan =
    segment(0xDA, std::string("\1\1\0\0\x3F\0", 6)) + std::string("ab\xFF\0cd\xFF\xD0xy\xFF", 11);
const std::string picture = begin + jfif + table + scan + end;

std::string fault_of(const std::string& bytes) {
    const Status checked = check_photo(bytes);
    if (checked) return "";
    CHECK(checked.error().code == ErrorCode::invalid_file);
    CHECK_FALSE(checked.error().next.empty());
    return checked.error().message;
}

TEST_CASE("a photo is a whole JPEG", "[gateway]") {
    CHECK(fault_of(picture) == "");
    // Progressive pictures have several scans, with tables between them.
    CHECK(fault_of(begin + jfif + table + scan + table + scan + end) == "");
    const std::string icc = segment(0xE2, std::string("ICC_PROFILE\0\1\1profile", 21));
    const std::string adobe = segment(0xEE, std::string("Adobe\0\x64\0\0\0\0\1", 12));
    CHECK(fault_of(begin + icc + adobe + table + scan + end) == "");
    for (std::size_t size = 0; size < picture.size(); ++size) {
        INFO(size);
        CHECK(fault_of(picture.substr(0, size)) != "");
    }
    CHECK(fault_of("<html>") != "");
    CHECK(fault_of(begin + end) != "");
    CHECK(fault_of(begin + "junk" + scan + end) != "");
    CHECK(fault_of(begin + std::string("\xFF\xDB\0\0", 4) + scan + end) != "");
    CHECK(fault_of(picture + "more behind it") != "");
}

TEST_CASE("a photo says nothing beside the picture", "[gateway]") {
    // Also where a picture would not need it: a thumbnail, a marker that nobody uses.
    for (const unsigned marker : {0x00U, 0x02U, 0xC8U, 0xE0U, 0xE1U, 0xE2U, 0xEDU, 0xEEU, 0xFEU}) {
        INFO(marker);
        const std::string more = segment(marker, "Exif or words");
        CHECK(fault_of(begin + more + table + scan + end) != "");
        // Behind a scan, 0 belongs to the coded picture.
        if (marker != 0) CHECK(fault_of(begin + jfif + scan + more + scan + end) != "");
    }
    CHECK(fault_of(begin + jfif + segment(0xE1, "Exif") + scan + end).find("where it was taken") !=
          std::string::npos);
}

TEST_CASE("photos are kept by attempt, up to a limit", "[gateway]") {
    const test::ScratchDirectory scratch;
    const Photos::Photo first{piece, 1, FabId{"lyon.east"}};
    const Photos::Photo second{piece, 12, FabId{"grenoble"}};
    auto photos = Photos::open(scratch / "photos", 100);
    REQUIRE(photos);
    CHECK(photos->of(piece).empty());
    CHECK(photos->read(first).error().code == ErrorCode::not_found);
    REQUIRE(photos->keep(first, std::string(60, 'a')));
    // Another of the same attempt takes its place.
    REQUIRE(photos->keep(first, std::string(90, 'b')));
    CHECK(photos->read(first).value() == std::string(90, 'b'));
    const Status refused = photos->keep(second, std::string(11, 'c'));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::unavailable);
    REQUIRE(photos->keep(second, std::string(10, 'c')));

    // What lies there is known after a restart, too.
    auto later = Photos::open(scratch / "photos", 100);
    REQUIRE(later);
    const auto all = later->of(piece);
    REQUIRE(all.size() == 2);
    CHECK(all[0].fab == first.fab);
    CHECK(all[1].epoch == 12);
    CHECK(later->read(all[1]).value() == std::string(10, 'c'));
    const Photos::Photo other{WorkOrderId{"3f9c01d2a4b86e57-2"}, 1, FabId{"lyon"}};
    CHECK_FALSE(later->keep(other, "x"));
    // What the operator deletes is room.
    std::filesystem::remove(scratch / "photos" / (piece.text() + ".e12.grenoble.jpg"));
    CHECK(later->keep(other, "x"));
    CHECK(later->of(piece).size() == 1);
}

TEST_CASE("photos cannot be kept where there is no folder", "[gateway]") {
    const test::ScratchDirectory scratch;
    std::ofstream{scratch / "photos"} << "a file";
    CHECK_FALSE(Photos::open(scratch / "photos", 100));
}

struct Asking {
    FakeDesk desk;
    WorkOrderState state = WorkOrderState::produced;
    bool shown_to_caller = false;  // The job is the caller's own.

    Asking() {
        desk.answers = [this](const Message& question) -> std::optional<Message> {
            message::Jobs jobs;
            // The first of two questions is the caller's, where there are two.
            const bool own = std::exchange(asks_for_caller_, false);
            if (own && !shown_to_caller) return jobs;
            JobStatus status;
            status.id = JobId{std::get<message::AskJobs>(question).id_prefix};
            WorkOrderStatus order;
            order.id = piece;
            order.epoch = 3;
            order.state = state;
            order.fab = FabId{"lyon"};
            status.work_orders.push_back(order);
            jobs.jobs.push_back(status);
            return jobs;
        };
    }

    Response ask(const std::string& method, const std::string& fab, const std::string& body = "") {
        return ask(method, "/api/v1/work_orders/" + piece.text() + "/photo?epoch=3", fab, body);
    }
    Response ask(const std::string& method,
                 const std::string& target,
                 const std::string& fab,
                 const std::string& body) {
        asks_for_caller_ = method == "GET";
        Head head;
        head.method = method;
        head.target = target;
        head.host = "localhost";
        auto outcome = admit_anybody(head, {});
        if (auto* refused = std::get_if<Response>(&outcome)) return *refused;
        auto& admitted = std::get<Admitted>(outcome);
        Request request = admitted.request;
        request.body = body;
        Caller caller;
        caller.name = IdentityId{"olive"};
        caller.access = Access::operator_;
        caller.fabs = {FabId{fab}};
        std::optional<Response> response;
        admitted.route->serve(std::make_shared<Exchange>(
            Exchange{request, caller, admitted.names, desk, [&](Response r) {
                         CHECK_FALSE(response);
                         response = std::move(r);
                     }}));
        REQUIRE(response);
        return std::move(*response);
    }

private:
    bool asks_for_caller_ = false;
};

TEST_CASE("who acts for the fab of a piece keeps its photo", "[gateway]") {
    Asking asking;
    CHECK(asking.ask("GET", "lyon").status == 404);
    CHECK(asking.ask("POST", "lyon", "no JPEG").status == 422);
    const Response kept = asking.ask("POST", "lyon", picture);
    CHECK(kept.status == 201);
    CHECK(nlohmann::json::parse(kept.body).at("epoch") == 3);
    const Response shown = asking.ask("GET", "lyon");
    CHECK(shown.status == 200);
    CHECK(shown.content_type == "image/jpeg");
    CHECK(shown.body == picture);
    CHECK_FALSE(shown.may_be_kept);

    // Of another attempt than the present one, or of none that is named.
    const std::string target = "/api/v1/work_orders/" + piece.text() + "/photo";
    CHECK(asking.ask("POST", target + "?epoch=2", "lyon", picture).status == 409);
    CHECK(asking.ask("POST", target, "lyon", picture).status == 400);
    CHECK(asking.ask("POST", target + "?epoch=-1", "lyon", picture).status == 400);
    CHECK(asking.ask("GET", target + "?epoch=2", "lyon", "").status == 404);

    // Somebody else's piece is not told from one that is not there.
    CHECK(asking.ask("POST", "grenoble", picture).status == 404);
    CHECK(asking.ask("GET", "grenoble").status == 404);
    CHECK(
        asking.ask("POST", "/api/v1/work_orders/3f9c01d2a4b86e57-2/photo?epoch=3", "lyon", picture)
            .status == 404);
    CHECK(asking.ask("POST", "/api/v1/work_orders/..-1/photo?epoch=3", "lyon", picture).status ==
          404);
    CHECK(asking.ask("POST", "/api/v1/work_orders/3f9c01d2a4b86e57/photo?epoch=3", "lyon", picture)
              .status == 404);
}

TEST_CASE("photos wait while the disk is nearly full", "[gateway]") {
    Asking asking;
    asking.desk.disk_nearly_full = true;
    CHECK(asking.ask("POST", "lyon", picture).status == 503);
}

TEST_CASE("of a piece that was not begun there is no photo", "[gateway]") {
    Asking asking;
    asking.state = GENERATE(WorkOrderState::queued,
                            WorkOrderState::offered,
                            WorkOrderState::reserved,
                            WorkOrderState::authorised,
                            WorkOrderState::cancelled);
    CHECK(asking.ask("POST", "lyon", picture).status == 409);
}

TEST_CASE("whoever may see a job sees the photos of its pieces", "[gateway]") {
    Asking asking;
    REQUIRE(asking.ask("POST", "lyon", picture).status == 201);
    asking.shown_to_caller = true;
    CHECK(asking.ask("GET", "elsewhere").body == picture);
    const Response list =
        asking.ask("GET", "/api/v1/jobs/3f9c01d2a4b86e57/photos", "elsewhere", "");
    CHECK(list.status == 200);
    const auto photos = nlohmann::json::parse(list.body).at("photos");
    REQUIRE(photos.size() == 1);
    CHECK(photos.at(0).at("work_order") == piece.text());
    CHECK(photos.at(0).at("fab") == "lyon");
}

TEST_CASE("a router that does not answer is no missing photo", "[gateway]") {
    Asking asking;
    asking.desk.answers = [](const Message&) -> std::optional<Message> {
        return message::Failure{{ErrorCode::timed_out, "no answer", "wait"}};
    };
    CHECK(asking.ask("GET", "lyon").status == 504);
    CHECK(asking.ask("POST", "lyon", picture).status == 504);
}

}  // namespace
}  // namespace nearfab::gateway
