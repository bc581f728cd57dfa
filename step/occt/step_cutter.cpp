// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/occt/step_cutter.hpp"

#include "step/occt/face_nodes.hpp"
#include "step/part21.hpp"
#include <BRepMesh_IncrementalMesh.hxx>
#include <Interface_Static.hxx>
#include <Message.hxx>
#include <Message_Messenger.hxx>
#include <Message_PrinterOStream.hxx>
#include <STEPControl_Reader.hxx>
#include <Standard_Failure.hxx>
#include <TColStd_SequenceOfAsciiString.hxx>
#include <TopExp.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <algorithm>
#include <istream>
#include <new>
#include <numbers>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab::step {
namespace {

constexpr const char* export_again =
    "Export the part again as STEP (AP214 or AP242), or as 3MF or STL";

// Bytes that are there already, as a stream: the file is large and need not be copied.
class BytesBuffer : public std::streambuf {
public:
    explicit BytesBuffer(std::span<const std::uint8_t> bytes) {
        // Only read from; the base class knows no pointers to const.
        char* const begin = const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));
        setg(begin, begin, begin + bytes.size());
    }
};

geometry::Unit unit_named(std::string_view name) {
    using geometry::Unit;
    constexpr std::pair<std::string_view, Unit> units[]{{"micrometre", Unit::micron},
                                                        {"millimetre", Unit::millimetre},
                                                        {"centimetre", Unit::centimetre},
                                                        {"inch", Unit::inch},
                                                        {"foot", Unit::foot},
                                                        {"metre", Unit::metre}};
    std::string low{name};
    for (char& c : low)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    for (const auto& [word, unit] : units) {
        if (low == word) return unit;
    }
    return Unit::unstated;
}

// The first unit of length that the file names; OpenCASCADE converts each part by its own.
geometry::Unit unit_of(STEPControl_Reader& reader) {
    TColStd_SequenceOfAsciiString lengths;
    TColStd_SequenceOfAsciiString angles;
    TColStd_SequenceOfAsciiString solid_angles;
    reader.FileUnits(lengths, angles, solid_angles);
    return lengths.IsEmpty() ? geometry::Unit::unstated : unit_named(lengths.First().ToCString());
}

Result<TopoDS_Shape> transfer(STEPControl_Reader& reader, std::span<const std::uint8_t> file) {
    Interface_Static::SetCVal("xstep.cascade.unit", "MM");
    BytesBuffer buffer{file};
    std::istream stream{&buffer};
    if (reader.ReadStream("part.step", stream) != IFSelect_RetDone) {
        return fail(ErrorCode::invalid_file,
                    "the data of the STEP file is broken and cannot be read",
                    export_again);
    }
    const int roots = reader.NbRootsForTransfer();
    int failed = 0;
    for (int root = 1; root <= roots; ++root)
        failed += reader.TransferRoot(root) ? 0 : 1;
    if (failed > 0) {
        return fail(ErrorCode::invalid_file,
                    std::to_string(failed) + " of the " + std::to_string(roots) +
                        " parts of the STEP file cannot be read",
                    export_again);
    }
    TopoDS_Shape shape = reader.OneShape();
    if (shape.IsNull()) {
        return fail(ErrorCode::invalid_file,
                    "the STEP file holds no shape",
                    "Export the part again and check that something was selected for export");
    }
    return shape;
}

std::uint32_t count_of(const TopoDS_Shape& shape, TopAbs_ShapeEnum kind, TopAbs_ShapeEnum outside) {
    std::uint32_t count = 0;
    for (TopExp_Explorer it{shape, kind, outside}; it.More(); it.Next())
        ++count;
    return count;
}

Result<CutPart> cut(const TopoDS_Shape& shape, CutFacts facts) {
    facts.solids = count_of(shape, TopAbs_SOLID, TopAbs_SHAPE);
    const std::uint32_t loose = count_of(shape, TopAbs_FACE, TopAbs_SOLID);
    if (facts.solids == 0 && loose == 0) {
        return fail(ErrorCode::invalid_file,
                    "the STEP file holds neither a solid nor a surface, only lines and points",
                    "Export the solid itself");
    }
    if (facts.solids > 0) facts.left_out = loose;
    const BRepMesh_IncrementalMesh mesher{shape,
                                          facts.deflection.linear_mm,
                                          Standard_False,
                                          facts.deflection.angular_deg * std::numbers::pi / 180,
                                          Standard_False};
    CutPart part;
    part.facts = facts;
    if (facts.solids == 0) {
        if (Status status = append_body(shape, part.mesh); !status) return fail(status.error());
        return part;
    }
    for (TopExp_Explorer it{shape, TopAbs_SOLID}; it.More(); it.Next()) {
        if (Status status = append_body(it.Current(), part.mesh); !status) {
            return fail(status.error());
        }
    }
    return part;
}

}  // namespace

Result<CutPart> cut_step(std::span<const std::uint8_t> file, const Deflection& deflection) {
    const auto schema = schema_of({reinterpret_cast<const char*>(file.data()), file.size()});
    if (!schema) return fail(schema.error());
    // It would talk to standard output, where the triangles go.
    Message::DefaultMessenger()->RemovePrinters(STANDARD_TYPE(Message_PrinterOStream));
    try {
        STEPControl_Reader reader;
        const auto shape = transfer(reader, file);
        if (!shape) return fail(shape.error());
        CutFacts facts;
        facts.unit = unit_of(reader);
        facts.deflection = deflection;
        return cut(*shape, facts);
    } catch (const Standard_Failure& failure) {
        return fail(
            ErrorCode::invalid_file,
            std::string{"the STEP file breaks OpenCASCADE ("} + failure.DynamicType()->Name() + ")",
            export_again);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "there is not enough memory to cut the STEP file into triangles",
                    "Cut it coarser (a larger linear and angular deflection), or give one part "
                    "for each file");
    }
}

}  // namespace nearfab::step
