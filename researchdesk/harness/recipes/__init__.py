"""Recipe folders: found, read, checked."""

from researchdesk.harness.recipes.folders import EXPERIMENT as EXPERIMENT
from researchdesk.harness.recipes.folders import FILE as FILE
from researchdesk.harness.recipes.folders import Root as Root
from researchdesk.harness.recipes.folders import code_digest_of as code_digest_of
from researchdesk.harness.recipes.folders import copy_recipe as copy_recipe
from researchdesk.harness.recipes.folders import digest_of as digest_of
from researchdesk.harness.recipes.folders import recipe_files as recipe_files
from researchdesk.harness.recipes.folders import recipe_folders as recipe_folders
from researchdesk.harness.recipes.folders import stamp_of as stamp_of
from researchdesk.harness.recipes.loader import StillTemplateError as StillTemplateError
from researchdesk.harness.recipes.loader import find_recipe as find_recipe
from researchdesk.harness.recipes.loader import load_recipe as load_recipe
