"""This client's key: made at the first start, kept in a file that only this program reads."""
import json
import os
import uuid

from authlib.jose import JsonWebKey


def own_key(path):
    if not os.path.exists(path):
        made = JsonWebKey.generate_key('EC', 'P-256', {'kid': str(uuid.uuid4())}, is_private=True)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), 'w', encoding='utf-8') as file:
            json.dump(made.as_dict(is_private=True), file)
    with open(path, encoding='utf-8') as file:
        return JsonWebKey.import_key(json.load(file))
