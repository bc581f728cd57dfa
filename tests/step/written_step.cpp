// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/step/written_step.hpp"

#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <Interface_Static.hxx>
#include <Message.hxx>
#include <Message_Messenger.hxx>
#include <Message_PrinterOStream.hxx>
#include <STEPControl_Writer.hxx>

namespace nearfab::step {

std::string written_step(const TopoDS_Shape& shape, const char* unit) {
    Message::DefaultMessenger()->RemovePrinters(STANDARD_TYPE(Message_PrinterOStream));
    const cli::test::TemporaryFolder folder;
    const std::string file = (folder.path() / "written.step").string();
    // A change of the unit reaches the numbers with the next shape only, so it is written twice.
    for (int i = 0; i < 2; ++i) {
        STEPControl_Writer writer;
        REQUIRE(Interface_Static::SetCVal("write.step.unit", unit));
        REQUIRE(writer.Transfer(shape, STEPControl_AsIs) == IFSelect_RetDone);
        REQUIRE(writer.Write(file.c_str()) == IFSelect_RetDone);
    }
    return folder.read("written.step");
}

}  // namespace nearfab::step
