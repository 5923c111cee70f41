"""Write the comments of every method and of its request's fields as JSON, so that the command line can explain them."""

import json
import sys
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet


def main() -> None:
    """The first argument is a descriptor set with source info, the second where to write."""
    files = FileDescriptorSet.FromString(Path(sys.argv[1]).read_bytes()).file
    found: dict[str, str] = {}
    for file in files:
        said = {tuple(location.path): " ".join(location.leading_comments.split()) for location in file.source_code_info.location}
        for place, service in enumerate(file.service):
            found |= {f"{file.package}.{service.name}": said.get((6, place), "")}
            found |= {
                f"{file.package}.{service.name}.{item.name}": said.get((6, place, 2, at), "") for at, item in enumerate(service.method)
            }
        for place, message in enumerate(file.message_type):
            if message.name.endswith("Request"):
                found |= {
                    f"{file.package}.{message.name}.{item.name}": said.get((4, place, 2, at), "") for at, item in enumerate(message.field)
                }
    Path(sys.argv[2]).write_text(json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
