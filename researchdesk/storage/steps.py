"""The names of the steps of the desk's schema, in their order.

They stand here by themselves so that a desk can be looked at without loading what migrates it: that
takes longer than a search. A test holds them against ``migrations``.
"""

SET = "researchdesk"
STEPS = (
    "m001_papers",
    "m002_passes",
    "m003_notes",
    "m004_surprises_and_stories",
    "m005_search",
    "m006_html",
    "m007_ends_and_time",
    "m008_notes_in_the_loop",
    "m009_claims_and_clones",
    "m010_words_of_claims_and_links_between_notes",
    "m011_watched_scripts",
    "m012_surprises_followed_up",
    "m013_ideas_and_what_happened",
    "m014_investigations",
    "m015_drafts_as_rewrites",
    "m016_search_in_the_loop",
    "m017_library",
    "m018_news",
    "m019_feeds",
    "m020_citations",
    "m021_search",
    "m022_checklist_answers",
    "m023_rehearsals",
    "m024_finished_stories",
)
