import Commands

await Application.main()
